package unfold.data.augment;

import unfold.data.image.Picture;
import unfold.error.InputException;
import unfold.random.Stream;

/// Shifts all pixels along the principal axes of ImageNet's colours: adds `Σ_k α_k λ_k p_k` to each
/// (red, green, blue), with α_k normal of standard deviation `strength`, λ_k the eigenvalues and
/// p_k the eigenvectors of the covariance of colours. Grey pictures stay as they are. Prints as
/// `pca-colour(0.1)`.
///
/// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural
///   networks (2012), section 4.1; eigenvalues and vectors as in the fb.resnet.torch recipe
public record PcaColour(double strength) implements Transform {
  /// Of colours from 0 to 1; standard deviations along the axes.
  private static final double[] EIGENVALUES = {0.2175, 0.0188, 0.0045};

  /// Rows are red, green, blue; columns are the axes.
  private static final double[][] EIGENVECTORS = {
    {-0.5675, 0.7192, 0.4009}, {-0.5808, -0.0045, -0.8140}, {-0.5836, -0.6948, 0.4203}
  };

  public PcaColour {
    if (!(strength >= 0 && strength <= 10)) {
      throw new InputException("pca-colour with strength " + strength + ": 0 to 10 can be");
    }
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    double[] along = new double[3];
    for (int k = 0; k < 3; k++) {
      along[k] = 255 * strength * random.nextGaussian() * EIGENVALUES[k];
    }
    if (in.channels() == 1) {
      return in;
    }
    byte[] pixels = in.pixels().clone();
    for (int c = 0; c < 3; c++) {
      double shift = 0;
      for (int k = 0; k < 3; k++) {
        shift += EIGENVECTORS[c][k] * along[k];
      }
      for (int i = c; i < pixels.length; i += 3) {
        pixels[i] = (byte) Math.clamp(Math.rint((pixels[i] & 0xFF) + shift), 0, 255);
      }
    }
    return new Picture(in.shape(), pixels);
  }

  @Override
  public String toString() {
    return "pca-colour(" + Arguments.number(strength) + ")";
  }
}
