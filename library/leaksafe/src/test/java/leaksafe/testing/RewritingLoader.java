package leaksafe.testing;

import java.io.IOException;
import java.io.InputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Loads the library and its tests anew and rewrites them, but for the class that says how, which both share. */
abstract class RewritingLoader extends ClassLoader {

  RewritingLoader() {
    super(RewritingLoader.class.getClassLoader());
  }

  /** Returns what rewrites a method of the class of that name on its way to the next visitor, or that one to leave it as it is. */
  abstract MethodVisitor rewriter(MethodVisitor next, String where);

  /** Runs a fixture, loaded anew. */
  final void run(Class<? extends Runnable> fixture) throws ReflectiveOperationException {
    ((Runnable) loadClass(fixture.getName()).getConstructor().newInstance()).run();
  }

  @Override
  protected final Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!name.startsWith("leaksafe.") || name.startsWith(getClass().getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ClassReader reader = new ClassReader(in);
      ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
      reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
        @Override
        public MethodVisitor visitMethod(int access, String method, String descriptor, String signature, String[] exceptions) {
          return rewriter(super.visitMethod(access, method, descriptor, signature, exceptions), name);
        }
      }, 0);
      byte[] bytes = writer.toByteArray();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
