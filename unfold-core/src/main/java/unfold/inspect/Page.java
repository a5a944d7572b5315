package unfold.inspect;

/// A page for a browser that needs no other file: HTML with its style inside. Words come in escaped
/// only.
final class Page {
  private final StringBuilder body = new StringBuilder();

  Page(String title, String words, String style) {
    body.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
        .append(escaped(title))
        .append("</title>\n<style>\nbody { font-family: sans-serif; color: #1c2430; margin: 2em; }")
        .append("\nh1 { font-size: 1.2em; } h2 { font-size: 1em; } p { color: #8a94a3; }\n")
        .append(style)
        .append("</style>\n</head>\n<body>\n");
    element("h1", "", title);
    element("p", "", words);
  }

  /// An element with words in it.
  ///
  /// @param attributes with a blank in front, their values escaped
  Page element(String name, String attributes, String words) {
    return open(name, attributes).words(words).close(name);
  }

  Page open(String name, String attributes) {
    body.append('<').append(name).append(attributes).append('>');
    return this;
  }

  Page close(String name) {
    body.append("</").append(name).append('>');
    if (!name.equals("span")) {
      body.append('\n');
    }
    return this;
  }

  Page words(String words) {
    body.append(escaped(words));
    return this;
  }

  String text() {
    return body + "</body>\n</html>\n";
  }

  static String escaped(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  static String background(int colour) {
    return " style=\"background:#%06x\"".formatted(colour);
  }
}
