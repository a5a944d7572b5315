package unfold.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import unfold.error.InputException;

/// One file over HTTP, from the first address that gives it; goes on after a cut.
final class Http {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /// How often to go on after a cut, as long as each time something came.
  private static final int ATTEMPTS = 5;

  private static final int OK = 200;
  private static final int PARTIAL = 206;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /// Completes `out`, which may hold the first part of the file already.
  void fetch(RemoteSet set, RemoteFile file, FileChannel out, Progress progress)
      throws IOException {
    if (out.size() > file.bytes()) {
      out.truncate(0);
    }
    List<String> refusals = new ArrayList<>();
    for (URI base : set.bases()) {
      URI address = base.resolve(file.name());
      String refusal = "";
      long before = -1;
      for (int k = 0; k < ATTEMPTS && out.size() < file.bytes() && out.size() > before; k++) {
        before = out.size();
        refusal = attempt(address, file, out, progress);
      }
      if (out.size() == file.bytes()) {
        return;
      }
      refusals.add(refusal);
    }
    throw new InputException(set.name() + ": " + String.join("; ", refusals));
  }

  /// Fetches as much as comes. What stopped it, or nothing.
  private String attempt(URI address, RemoteFile file, FileChannel out, Progress progress)
      throws IOException {
    long there = out.size();
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(ANSWER).GET();
    if (there > 0) {
      request.header("Range", "bytes=" + there + "-");
    }
    HttpResponse<InputStream> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return address
          + ": "
          + address.getHost()
          + " cannot be reached"
          + reason(e)
          + "; are you offline?";
    } catch (IOException e) {
      return address + ": " + describe(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException(address + ": interrupted", e);
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() == OK) {
        out.truncate(0);
      } else if (response.statusCode() != PARTIAL || !goesOnAt(response, there)) {
        return address
            + ": the server answers "
            + response.statusCode()
            + (response.statusCode() == 404 ? " (not there)" : "");
      }
      return copy(address, body, file, out, progress);
    }
  }

  private static boolean goesOnAt(HttpResponse<?> response, long there) {
    return response
        .headers()
        .firstValue("Content-Range")
        .filter(range -> range.startsWith("bytes " + there + "-"))
        .isPresent();
  }

  private static String copy(
      URI address, InputStream body, RemoteFile file, FileChannel out, Progress progress)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    out.position(out.size());
    while (true) {
      int n;
      try {
        n = body.read(buffer);
      } catch (IOException e) {
        return cut(address, file, out);
      }
      if (n < 0) {
        return out.size() < file.bytes() ? cut(address, file, out) : "";
      }
      if (out.size() + n > file.bytes()) {
        out.truncate(0);
        return address + ": sends more than the " + file.bytes() + " bytes that the file has";
      }
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      progress.at(file.name(), out.size(), file.bytes());
    }
  }

  private static String cut(URI address, RemoteFile file, FileChannel out) throws IOException {
    return address
        + ": cut after "
        + out.size()
        + " of "
        + file.bytes()
        + " bytes; run it again to go on from there";
  }

  private static String describe(IOException e) {
    return e.getCause() instanceof UnresolvedAddressException || e instanceof UnknownHostException
        ? "the name cannot be resolved; are you offline?"
        : "no answer" + reason(e);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
  }
}
