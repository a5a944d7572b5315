package unfold.data;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;

/// Keeps decoded pictures on the heap up to a budget. Two threads may decode the same picture once
/// each; both get the same bytes.
final class CachedDataset implements Dataset {
  private final Dataset source;
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReferenceArray<@Nullable Picture> kept;

  CachedDataset(Dataset source, long maxBytes) {
    if (maxBytes < 0) {
      throw new InputException("a cache of " + maxBytes + " bytes");
    }
    this.source = source;
    this.maxBytes = maxBytes;
    this.kept = new AtomicReferenceArray<>(source.size());
  }

  @Override
  public Picture picture(int i) {
    Picture hit = kept.get(i);
    if (hit == null) {
      hit = source.picture(i);
      long size = hit.pixels().length;
      if (bytes.addAndGet(size) <= maxBytes) {
        kept.set(i, hit);
      } else {
        bytes.addAndGet(-size);
      }
    }
    return hit;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public List<String> classes() {
    return source.classes();
  }

  @Override
  public int label(int i) {
    return source.label(i);
  }

  @Override
  public Optional<PictureShape> shape() {
    return source.shape();
  }

  @Override
  public String fingerprint() {
    return source.fingerprint();
  }

  @Override
  public String source(int i) {
    return source.source(i);
  }

  @Override
  public String toString() {
    return name();
  }
}
