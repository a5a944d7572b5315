/// Changes to pictures: resizing and cutting for any network, random ones so that a training set
/// seems larger.
///
/// In goes an 8-bit picture and a random stream, out comes another picture. A
/// [unfold.data.augment.Transform] is a record of its settings; a list of them
/// ([unfold.data.augment.Transforms]) has a text form that a run's record can keep. Normalising is
/// not here: it is part of a network's graph. [unfold.data.augment.Mixing] changes a batch:
/// pictures and labels together.
///
/// May use `unfold.data.image`, `unfold.random` and `unfold.error`. To add a transform, write its
/// record, permit it in `Transform`, and add its line to `Transforms.parse`.
@NullMarked
package unfold.data.augment;

import org.jspecify.annotations.NullMarked;
