package leaksafe.lint.kotlin

import java.util.WeakHashMap
import java.util.concurrent.ConcurrentHashMap

/** Compiled once into `kotlin-fixture.jar`. Members whose name starts with `bad` must be reported, others must not. */
object Sessions {
  private val badByName = HashMap<String, Any>()
  private val removed = HashMap<String, Any>()
  private val badEvents = mutableListOf<String>()
  private val trimmed = mutableListOf<String>()
  private val constants = mapOf("a" to 1, "b" to 2)

  fun open(name: String, value: Any) {
    badByName[name] = value
    removed[name] = value
    badEvents += name
    trimmed += name
    if (trimmed.size > 10) trimmed.removeAt(0)
    println(constants[name])
  }

  fun close(name: String) {
    removed -= name
  }

  fun use(name: String) {
    open(name, this)
    close(name)
  }
}

class Users {
  class Profile(val owner: Users)

  companion object {
    private val badShared = ConcurrentHashMap<String, Profile>()
    private val badWeak = WeakHashMap<Users, Profile>()
    private val badLocal = ThreadLocal<Profile>()

    @JvmStatic
    fun profile(name: String, users: Users): Profile {
      badWeak[users] = Profile(users)
      badLocal.set(Profile(users))
      return badShared.computeIfAbsent(name) { Profile(users) }
    }
  }
}

private val badTopLevel = mutableMapOf<String, Int>()
private val filteredTopLevel = mutableMapOf<String, Int>()

fun count(word: String): Int {
  filteredTopLevel[word] = 1
  filteredTopLevel.entries.removeIf { it.key != word }
  return badTopLevel.merge(word, 1, Int::plus)!!
}
