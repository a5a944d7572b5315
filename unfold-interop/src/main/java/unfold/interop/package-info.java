/// Readers and writers of other frameworks' files, one package per format.
@NullMarked
package unfold.interop;

import org.jspecify.annotations.NullMarked;
