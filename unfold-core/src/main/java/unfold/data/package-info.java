/// Labelled pictures: sets, their files, and batches of them.
///
/// In: folders and files ([unfold.data.Datasets]), or the built-in digits. Out: batches of 8-bit
/// pictures with labels in off-heap memory ([unfold.data.Loader]). Normalising to real numbers is
/// part of a network's graph, not done here. [unfold.data.Portrait] says in words what can be
/// measured of a picture. Below: `image` decodes and resizes pictures, `augment` changes them at
/// random, `digits` draws the built-in set, `fetch` downloads.
///
/// May use `unfold.tensor`, `unfold.random`, `unfold.error` and its own subpackages, which never
/// use this package. To add a data set, implement [unfold.data.Dataset]; to have it recognised in a
/// folder, add a [unfold.data.FolderKind].
@NullMarked
package unfold.data;

import org.jspecify.annotations.NullMarked;
