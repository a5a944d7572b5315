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
  void fetch(RemoteSet set, RemoteFile asked, FileChannel out, Progress progress)
      throws IOException {
    List<String> refusals = new ArrayList<>();
    for (URI base : set.bases()) {
      URI address = base.resolve(asked.name());
      Length length = asked.bytes() > 0 ? new Length(asked.bytes(), "") : length(address);
      if (length.bytes() <= 0) {
        refusals.add(length.refusal());
        continue;
      }
      RemoteFile file = new RemoteFile(asked.name(), length.bytes(), asked.sha256());
      if (out.size() > file.bytes()) {
        out.truncate(0);
      }
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

  /// How long a file is, or why the server does not say.
  private record Length(long bytes, String refusal) {}

  private Length length(URI address) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(ANSWER)
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
      if (response.statusCode() != OK) {
        return new Length(0, refused(address, response.statusCode()));
      }
      long bytes = response.headers().firstValueAsLong("Content-Length").orElse(0);
      return new Length(bytes, address + ": the server does not say how long the file is");
    } catch (IOException e) {
      return new Length(0, address + ": " + unreached(address, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException(address + ": interrupted", e);
    }
  }

  private static String refused(URI address, int status) {
    return address + ": the server answers " + status + (status == 404 ? " (not there)" : "");
  }

  private static String unreached(URI address, IOException e) {
    return e instanceof ConnectException || e instanceof HttpConnectTimeoutException
        ? address.getHost() + " cannot be reached" + reason(e) + "; are you offline?"
        : describe(e);
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
    } catch (IOException e) {
      return address + ": " + unreached(address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException(address + ": interrupted", e);
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() == OK) {
        out.truncate(0);
      } else if (response.statusCode() != PARTIAL || !goesOnAt(response, there)) {
        return refused(address, response.statusCode());
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
