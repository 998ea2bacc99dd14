package leaksafe.lint.internal.facts;

import org.jspecify.annotations.Nullable;

/** A method as a class file names it: internal name of the owner, name, descriptor. */
public record MethodRef(String owner, String name, String desc) {

  /** Returns name and descriptor, which identify the method inside its class. */
  public String signature() {
    return name + desc;
  }

  public boolean is(String wantedOwner, String wantedName) {
    return owner.equals(wantedOwner) && name.equals(wantedName);
  }

  // By hand, since a run compares millions of them and what a record brings starts slowly.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MethodRef that && name.equals(that.name) && owner.equals(that.owner) && desc.equals(that.desc);
  }

  @Override
  public int hashCode() {
    return (owner.hashCode() * 31 + name.hashCode()) * 31 + desc.hashCode();
  }

  public boolean isConstructor() {
    return name.equals("<init>");
  }
}
