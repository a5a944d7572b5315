/// Fetching public data sets: only when asked, always checked.
///
/// In goes the name of a known set ([unfold.data.fetch.RemoteSet]) and a folder, out come its files
/// there ([unfold.data.fetch.Downloads]): resumed after a cut, compared with their sha256, put in
/// place in one step. To add a set, add a method to `RemoteSet` with sizes and checksums that two
/// independent sources agree on.
///
/// May use `unfold.error` only.
@NullMarked
package unfold.data.fetch;

import org.jspecify.annotations.NullMarked;
