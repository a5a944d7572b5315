/// What tests are made of: one catalogue of samples drives the comparison of every backend with the
/// reference, the check of every gradient, and the text forms.
///
/// - [unfold.testkit.Samples] holds every op with several shapes and settings; a
///   [unfold.testkit.Sample] has a one-line name that repeats it: `conv2d n2c4h5w5-o4k3s2p1g1`.
/// - [unfold.testkit.BackendSuite] runs all of them on a backend, every candidate, in f32 and bf16,
///   and looks at bits that a kernel must leave alone.
/// - [unfold.testkit.GradientCheck] holds a gradient graph against differences, in double.
/// - [unfold.testkit.SampleCheck] does all of that for one name (`unfold check`).
///
/// In come backends, out go findings and JUnit's dynamic tests. Uses the core, the reference, JUnit
/// and AssertJ. **Adding a sample** is one line in the `names` of its family (`ConvolutionSamples`,
/// …); adding an op, a `case` in its `read`.
@NullMarked
package unfold.testkit;

import org.jspecify.annotations.NullMarked;
