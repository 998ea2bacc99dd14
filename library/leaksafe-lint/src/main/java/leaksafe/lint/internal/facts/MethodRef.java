package leaksafe.lint.internal.facts;

/** A method as a class file names it: internal name of the owner, name, descriptor. */
public record MethodRef(String owner, String name, String desc) {

  /** Returns name and descriptor, which identify the method inside its class. */
  public String signature() {
    return name + desc;
  }

  public boolean is(String wantedOwner, String wantedName) {
    return owner.equals(wantedOwner) && name.equals(wantedName);
  }

  public boolean isConstructor() {
    return name.equals("<init>");
  }
}
