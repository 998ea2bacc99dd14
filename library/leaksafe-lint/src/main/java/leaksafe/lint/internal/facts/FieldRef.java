package leaksafe.lint.internal.facts;

/** A field as an instruction names it; the owner may be a subclass of the class that declares it. */
public record FieldRef(String owner, String name, String desc, boolean isStatic) {}
