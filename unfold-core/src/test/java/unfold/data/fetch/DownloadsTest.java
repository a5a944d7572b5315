package unfold.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;

@Timeout(60)
class DownloadsTest {
  private static final byte[] CONTENTS = new byte[300_000];

  static {
    new Random(3).nextBytes(CONTENTS);
  }

  @TempDir Path folder;

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private URI base;

  /// What the server has, and after how many bytes of an answer it hangs up.
  private byte[] served = CONTENTS;

  private int cutAfter = Integer.MAX_VALUE;
  private boolean ranges = true;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/sets/", this::answer);
    server.start();
    base = URI.create("http://localhost:" + server.getAddress().getPort() + "/sets/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/sets/file.bin")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      int from = 0;
      if (range != null && ranges) {
        from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range", "bytes " + from + "-" + (served.length - 1) + "/" + served.length);
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, served.length - from);
      OutputStream out = exchange.getResponseBody();
      out.write(served, from, Math.min(cutAfter, served.length - from));
      out.flush();
    }
  }

  private RemoteSet set(String file) {
    return new RemoteSet(
        "test",
        "a set for tests",
        List.of(base),
        List.of(new RemoteFile(file, CONTENTS.length, Sha256.of(CONTENTS))),
        List.of());
  }

  private void get(RemoteSet set) {
    new Downloads(Progress.SILENT).get(set, folder);
  }

  private Path file() {
    return folder.resolve("file.bin");
  }

  private Path part() {
    return folder.resolve("file.bin.part");
  }

  @Test
  void aFileOfUnknownLengthIsCheckedByTheDigitsInItsName() throws IOException {
    server.createContext(
        "/models/",
        exchange -> {
          requests.add(exchange.getRequestMethod());
          exchange.getResponseHeaders().set("Content-Length", Integer.toString(CONTENTS.length));
          boolean head = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(200, head ? -1 : CONTENTS.length);
          if (!head) {
            exchange.getResponseBody().write(CONTENTS);
          }
          exchange.close();
        });
    String digits = Sha256.of(CONTENTS).substring(0, 8);
    Downloads downloads = new Downloads(Progress.SILENT);
    downloads.get(models("net.pth", digits), folder);
    assertThat(Files.readAllBytes(folder.resolve("net.pth"))).isEqualTo(CONTENTS);
    assertThat(requests).containsExactly("HEAD", "GET");
    downloads.get(models("net.pth", digits), folder);
    assertThat(requests).hasSize(2);
    assertThatThrownBy(() -> downloads.get(models("other.pth", "01234567"), folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("instead of 01234567: it was changed or damaged on the way");
    assertThat(folder.resolve("other.pth")).doesNotExist();
    assertThat(folder.resolve("other.pth.part")).doesNotExist();
  }

  @Test
  void aFileOfUnknownLengthSaysWhenItIsNotThereOrNobodyAnswers() {
    Downloads downloads = new Downloads(Progress.SILENT);
    assertThatThrownBy(() -> downloads.get(models("net.pth", "01234567"), folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the server answers 404 (not there)");
    server.stop(0);
    assertThatThrownBy(() -> downloads.get(models("net.pth", "01234567"), folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("are you offline?");
  }

  private RemoteSet models(String name, String digits) {
    return new RemoteSet(
        "net",
        "weights",
        List.of(base.resolve("/models/")),
        List.of(new RemoteFile(name, 0, digits)),
        List.of());
  }

  @Test
  void fetchesAFileOnceAndLeavesNothingElse() throws IOException {
    List<Long> seen = new ArrayList<>();
    Downloads downloads =
        new Downloads((_, done, total) -> {
          assertThat(total).isEqualTo(CONTENTS.length);
          seen.add(done);
        });
    downloads.get(set("file.bin"), folder);
    assertThat(file()).hasBinaryContent(CONTENTS);
    assertThat(seen).isSorted().endsWith((long) CONTENTS.length);
    downloads.get(set("file.bin"), folder);
    assertThat(requests).hasSize(1);
    try (var entries = Files.list(folder)) {
      assertThat(entries).containsExactly(file());
    }
  }

  @Test
  void goesOnWhereACutDownloadStopped() {
    cutAfter = 100_000;
    get(set("file.bin"));
    assertThat(file()).hasBinaryContent(CONTENTS);
    assertThat(requests.getFirst()).isEqualTo("/sets/file.bin");
    long from = 0;
    for (String request : requests.subList(1, requests.size())) {
      // The last bytes before a cut may be lost on their way.
      long next = Long.parseLong(request.replaceAll("/sets/file.bin bytes=(\\d+)-", "$1"));
      assertThat(next).as("%s", requests).isGreaterThan(from).isLessThanOrEqualTo(from + cutAfter);
      from = next;
    }
    assertThat(requests).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void keepsWhatCameAndSaysHowToGoOn() throws IOException {
    cutAfter = 1000;
    assertThatThrownBy(() -> get(set("file.bin")))
        .isInstanceOf(InputException.class)
        .satisfies(e -> {
          int came = (int) Files.size(part());
          assertThat(came).isBetween(1, 5000);
          assertThat(e)
              .hasMessage(
                  "test: "
                      + base
                      + "file.bin: cut after "
                      + came
                      + " of 300000 bytes; run it again to go on from there");
        });
    assertThat(file()).doesNotExist();
    byte[] kept = Files.readAllBytes(part());
    assertThat(kept).isEqualTo(Arrays.copyOf(CONTENTS, kept.length));
    cutAfter = Integer.MAX_VALUE;
    get(set("file.bin"));
    assertThat(requests.getLast()).isEqualTo("/sets/file.bin bytes=" + kept.length + "-");
    assertThat(file()).hasBinaryContent(CONTENTS);
  }

  @Test
  void startsAnewWhereTheServerKnowsNoRanges() throws IOException {
    ranges = false;
    Files.write(part(), new byte[1234]);
    get(set("file.bin"));
    assertThat(file()).hasBinaryContent(CONTENTS);
  }

  @Test
  void aWrongChecksumKeepsNothingOfItAndEverythingElse() throws IOException {
    served = CONTENTS.clone();
    served[7] ^= 1;
    Path good = Files.writeString(folder.resolve("good.bin"), "good");
    assertThatThrownBy(() -> get(set("file.bin")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "test: file.bin came with sha256 "
                + Sha256.of(served)
                + " instead of "
                + Sha256.of(CONTENTS)
                + ": it was changed or damaged on the way and is not kept");
    assertThat(part()).doesNotExist();
    assertThat(file()).doesNotExist();
    assertThat(good).hasContent("good");
  }

  @Test
  void aFileThatIsThereButDifferentIsLeftAlone() throws IOException {
    Files.writeString(file(), "mine");
    assertThatThrownBy(() -> get(set("file.bin")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file()
                + ": is there, but has sha256 "
                + Sha256.of("mine".getBytes(StandardCharsets.UTF_8))
                + " instead of "
                + Sha256.of(CONTENTS)
                + "; move it away to fetch it again");
    assertThat(file()).hasContent("mine");
    assertThat(requests).isEmpty();
  }

  @Test
  void stopsAServerThatSendsMoreThanTheFileHas() {
    served = Arrays.copyOf(CONTENTS, 10_000_000);
    assertThatThrownBy(() -> get(set("file.bin")))
        .hasMessage(
            "test: " + base + "file.bin: sends more than the 300000 bytes that the file has");
  }

  @Test
  void triesTheNextAddressAndNamesAllThatFailed() throws IOException {
    RemoteSet missing = set("other.bin");
    assertThatThrownBy(() -> get(missing))
        .isInstanceOf(InputException.class)
        .hasMessage("test: " + base + "other.bin: the server answers 404 (not there)");
    URI closed = closedAddress();
    RemoteSet two =
        new RemoteSet("test", "", List.of(closed, base), set("file.bin").files(), List.of());
    get(two);
    assertThat(file()).hasBinaryContent(CONTENTS);
  }

  @Test
  void saysWhenTheNetworkIsNotThere() throws IOException {
    URI closed = closedAddress();
    assertThatThrownBy(() -> get(set("file.bin").from(closed)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("test: " + closed + "file.bin: localhost cannot be reached")
        .hasMessageEndingWith("; are you offline?");
    assertThatThrownBy(() -> get(set("file.bin").from(URI.create("http://nowhere.invalid/"))))
        .hasMessageContaining("http://nowhere.invalid/file.bin: ")
        .hasMessageEndingWith("; are you offline?");
  }

  private static URI closedAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return URI.create("http://localhost:" + socket.getLocalPort() + "/");
    }
  }

  @Test
  void refusesAFileThatTheDiskCannotHold() {
    RemoteSet huge =
        new RemoteSet(
            "test",
            "",
            List.of(base),
            List.of(new RemoteFile("file.bin", Long.MAX_VALUE / 2, Sha256.of(CONTENTS))),
            List.of());
    assertThatThrownBy(() -> get(huge))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "file.bin needs 4611686018427387903 bytes more, but the disk has only");
    assertThat(requests).isEmpty();
  }

  @Test
  void unpacksTheNamedMembersOfAnArchiveAndNothingElse() throws IOException {
    served = tarGz("in/one.txt", "one", "../evil.txt", "evil", "in/two.txt", "two");
    RemoteSet archive = archive("in/one.txt", "in/two.txt");
    get(archive);
    assertThat(folder.resolve("one.txt")).hasContent("one");
    assertThat(folder.resolve("two.txt")).hasContent("two");
    assertThat(folder.resolveSibling("evil.txt")).doesNotExist();
    assertThatThrownBy(() -> get(archive("in/one.txt", "in/none.txt")))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith("the archive ends without in/none.txt");
  }

  @Test
  void brokenArchivesGiveOnlyFormatExceptions() throws IOException {
    byte[] whole = tarGz("in/one.txt", "one", "in/two.txt", "two");
    Path file = folder.resolve("x.tar.gz");
    for (int n = 0; n < whole.length; n++) {
      Files.write(file, Arrays.copyOf(whole, n));
      assertUnpacksOrRefuses(file);
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(file, flipped);
      assertUnpacksOrRefuses(file);
    }
  }

  private void assertUnpacksOrRefuses(Path archive) {
    try {
      Tar.unpack(archive, List.of("in/two.txt"), folder);
    } catch (FormatException e) {
      assertThat(e).hasMessageStartingWith(archive.toString());
    }
  }

  private RemoteSet archive(String... members) {
    return new RemoteSet(
        "test",
        "",
        List.of(base),
        List.of(new RemoteFile("file.bin", served.length, Sha256.of(served))),
        List.of(members));
  }

  private static byte[] tarGz(String... namesAndContents) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gz = new GZIPOutputStream(out)) {
      for (int k = 0; k < namesAndContents.length; k += 2) {
        byte[] content = namesAndContents[k + 1].getBytes(StandardCharsets.US_ASCII);
        byte[] header = new byte[512];
        put(header, 0, namesAndContents[k]);
        put(header, 124, "%011o".formatted(content.length));
        put(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
          sum += b & 0xFF;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        gz.write(header);
        gz.write(Arrays.copyOf(content, 512));
      }
      gz.write(new byte[1024]);
    }
    return out.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, header, at, text.length());
  }

  @Test
  void knowsTheWellKnownSets() {
    assertThat(RemoteSet.known())
        .extracting(RemoteSet::name)
        .containsExactly("mnist", "fashion-mnist", "cifar10", "cifar100");
    assertThat(RemoteSet.named("mnist").bytes()).isEqualTo(11_594_722);
    assertThatThrownBy(() -> RemoteSet.named("imagenet"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "unknown data set 'imagenet'; known are mnist, fashion-mnist, cifar10, cifar100");
  }
}
