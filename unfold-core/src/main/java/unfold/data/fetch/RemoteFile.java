package unfold.data.fetch;

/// A file somewhere on the network, known by its contents.
///
/// @param name as it is called below the base address, and on disk
/// @param bytes how long it is; 0 if only its server knows
/// @param sha256 in hexadecimal: all of it, or the beginning that its name carries
public record RemoteFile(String name, long bytes, String sha256) {
  public RemoteFile {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")
        || bytes < 0
        || !sha256.matches("[0-9a-f]{8,64}")) {
      throw new IllegalArgumentException(
          "'" + name + "' of " + bytes + " bytes with checksum '" + sha256 + "' names no file");
    }
  }
}
