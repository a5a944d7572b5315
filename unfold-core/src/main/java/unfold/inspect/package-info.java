/// Looking inside a network: what its layers give for a picture, where it looks, what its filters
/// are, what it mistakes for what; as numbers and as sheets to look at.
///
/// - Numbers: [unfold.inspect.Features] is what layers give, several in one pass;
///   [unfold.inspect.GradCam] where the answer for a class comes from. Both continue the program of
///   an inference, graph to graph, and run it on an [unfold.engine.Engine]. For language models
///   [unfold.inspect.Cells] is what recurrent cells hold at each step (`Within` says what there
///   is), [unfold.inspect.Units] finds those worth looking at, [unfold.inspect.Saturation] says how
///   often gates stand open or shut.
/// - Sheets: `FilterSheet`, `ActivationSheet`, `HeatSheet`, `ConfusionSheet`, `AttentionSheet`,
///   `PictureSheet`, `FilmSheet` make a [unfold.inspect.Sheet], a picture with titles that becomes
///   a PNG; `TrackSheet`, `GateSheet` and `ForetellingSheet` do so for texts. `TrackPage` and
///   `ForetellingPage` are the same for a browser. They compute nothing that numbers above do not
///   have.
///
/// In: a [unfold.model.Model] or [unfold.model.LanguageModel], its [unfold.run.States], and
/// pictures or tokens that fit it. May use the core, `unfold.engine` and `unfold.data.image`. A new
/// look inside is a class that continues the program (see `GradCam`, `Cells`), and one that draws
/// its numbers on a `Canvas` or writes them into a `Page`.
@NullMarked
package unfold.inspect;

import org.jspecify.annotations.NullMarked;
