package unfold.train;

import unfold.data.augment.Mixing;
import unfold.error.InputException;

/// What can be switched on beside a recipe. All of it is off at first: strong regularisers need
/// long schedules.
///
/// @param mixup α of mixup, 0 for none: [Mixing]
/// @param cutmix α of CutMix, 0 for none: [Mixing]
/// @param average decay of a running average of the weights, such as 0.999, 0 for none: validation,
///   the best weights and the answers are then the average's ([unfold.optimizer.Updating#average])
/// @param parts in which each batch is computed so that it takes less memory
///   ([unfold.optimizer.Accumulation]); 1 for all at once
/// @param crops of each picture that the final measure looks at: 1, or the 10 of [TenCrop]
public record Tricks(double mixup, double cutmix, double average, int parts, int crops) {
  public static final Tricks NONE = new Tricks(0, 0, 0, 1, 1);

  public Tricks {
    new Mixing(mixup, cutmix); // checks both
    if (!(average >= 0 && average < 1)) {
      throw new InputException(
          "the decay of the average must be at least 0 and below 1, but is " + average);
    }
    if (parts < 1) {
      throw new InputException("a batch is computed in 1 part or more, not in " + parts);
    }
    if (crops != 1 && crops != 10) {
      throw new InputException("a picture is measured in 1 crop or 10, not in " + crops);
    }
  }

  Mixing mixing() {
    return new Mixing(mixup, cutmix);
  }

  public Tricks mixup(double alpha) {
    return new Tricks(alpha, cutmix, average, parts, crops);
  }

  public Tricks cutmix(double alpha) {
    return new Tricks(mixup, alpha, average, parts, crops);
  }

  public Tricks average(double decay) {
    return new Tricks(mixup, cutmix, decay, parts, crops);
  }

  public Tricks parts(int count) {
    return new Tricks(mixup, cutmix, average, count, crops);
  }

  public Tricks crops(int count) {
    return new Tricks(mixup, cutmix, average, parts, count);
  }
}
