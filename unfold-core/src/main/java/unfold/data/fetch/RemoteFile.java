package unfold.data.fetch;

/// A file somewhere on the network, known by its contents.
///
/// @param name as it is called below the base address, and on disk
/// @param sha256 in hexadecimal
public record RemoteFile(String name, long bytes, String sha256) {
  public RemoteFile {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")
        || bytes < 1
        || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "'" + name + "' of " + bytes + " bytes with checksum '" + sha256 + "' names no file");
    }
  }
}
