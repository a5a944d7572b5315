package unfold.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStreamImpl;
import unfold.error.FormatException;

/// The JDK's decoders, one of each kind a thread, fed from memory. Whatever they throw over broken
/// data leaves here as [FormatException].
final class JdkDecoder {
  private static final ThreadLocal<JdkDecoder> JPEG =
      ThreadLocal.withInitial(() -> new JdkDecoder("jpeg"));
  private static final ThreadLocal<JdkDecoder> PNG =
      ThreadLocal.withInitial(() -> new JdkDecoder("png"));

  private final ImageReader reader;
  private String warning = "";

  private JdkDecoder(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IllegalStateException("this JDK has no decoder for " + format + " pictures");
    }
    reader = readers.next();
    reader.addIIOReadWarningListener((_, text) -> warning = text);
  }

  /// The components of a JPEG as they are stored, H×W×components.
  static byte[] jpeg(byte[] file, String name, int components) {
    Raster raster = decode(JPEG, file, name, reader -> reader.readRaster(0, null));
    if (raster.getNumBands() != components) {
      throw new FormatException(
          name
              + ": "
              + raster.getNumBands()
              + " components decoded, but the header has "
              + components);
    }
    return interleaved(raster);
  }

  static BufferedImage png(byte[] file, String name) {
    return decode(PNG, file, name, reader -> reader.read(0));
  }

  private interface Decoding<T> {
    T of(ImageReader reader) throws IOException;
  }

  private static <T> T decode(
      ThreadLocal<JdkDecoder> mine, byte[] file, String name, Decoding<T> decoding) {
    JdkDecoder decoder = mine.get();
    decoder.warning = "";
    T decoded;
    try (var in = new MemoryInput(file)) {
      decoder.reader.setInput(in, true, true);
      decoded = decoding.of(decoder.reader);
      decoder.reader.setInput(null);
    } catch (IOException | RuntimeException e) {
      decoder.reader.dispose();
      mine.remove();
      throw new FormatException(name + ": a corrupt picture: " + e.getMessage(), e);
    }
    if (decoder.warning.toLowerCase(Locale.ROOT).contains("premature end")) {
      throw new FormatException(name + ": a corrupt picture: its data end too early");
    }
    return decoded;
  }

  private static byte[] interleaved(Raster raster) {
    int bands = raster.getNumBands();
    int width = raster.getWidth();
    byte[] out = new byte[raster.getHeight() * width * bands];
    if (raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getData().length == out.length
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && model.getPixelStride() == bands
        && Arrays.equals(model.getBandOffsets(), IntStream.range(0, bands).toArray())) {
      return buffer.getData();
    }
    int[] row = new int[width * bands];
    for (int y = 0, o = 0; y < raster.getHeight(); y++) {
      for (int value : raster.getPixels(0, y, width, 1, row)) {
        out[o++] = (byte) value;
      }
    }
    return out;
  }

  /// A file in memory, as the decoders want it.
  private static final class MemoryInput extends ImageInputStreamImpl {
    private final byte[] file;

    MemoryInput(byte[] file) {
      this.file = file;
    }

    @Override
    public int read() {
      bitOffset = 0;
      return streamPos < file.length ? file[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int offset, int count) {
      bitOffset = 0;
      if (streamPos >= file.length) {
        return count == 0 ? 0 : -1;
      }
      int n = (int) Math.min(count, file.length - streamPos);
      System.arraycopy(file, (int) streamPos, to, offset, n);
      streamPos += n;
      return n;
    }

    @Override
    public long length() {
      return file.length;
    }
  }
}
