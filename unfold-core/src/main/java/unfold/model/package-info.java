/// Named networks with what goes with them, and their arithmetic on one page.
///
/// A [unfold.model.Variant] is a line of the zoo: a name, its usual options, and how to build the
/// layer from options. [unfold.model.Variant#model] makes a [unfold.model.Model]: layer, input,
/// preprocessing, source. Name and options are a flat map of words, so a saved model opens without
/// the code that called for it. A model traces its programs: `training`, `evaluation`, `inference`.
/// [unfold.model.ModelSummary] tells sizes, parameters, receptive fields, operations.
///
/// Networks for sequences are records beside it, one a shape of use, which trace their own
/// programs: [unfold.model.Captioner] (one-to-many: a sentence about a vector),
/// [unfold.model.SequenceClassifier] (many-to-one: what a whole sequence is),
/// [unfold.model.FrameLabeller] (many-to-many in step: a label a frame),
/// [unfold.model.LanguageModel] (in step too: the next token of endless streams),
/// [unfold.model.EncoderDecoder] (many-to-many: first all is read, then all is written).
///
/// Uses `unfold.layer`, `unfold.trace`, `unfold.graph`, `unfold.op`, `unfold.tensor`.
@NullMarked
package unfold.model;

import org.jspecify.annotations.NullMarked;
