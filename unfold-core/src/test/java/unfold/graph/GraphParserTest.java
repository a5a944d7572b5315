package unfold.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import unfold.error.FormatException;
import unfold.error.GraphException;
import unfold.random.Stream;

class GraphParserTest {
  private static final String TEXT =
      """
      graph step {
        feed %0 x : f32[8x4]
        state %3 fc.weight : f32[3x4]
        %4 = matmul(%0, %3) ta=false tb=true out=f32 : f32[8x3] @ fc
        %8 = fill() type=f32[1x1x4x4] value=1.0 : f32[1x1x4x4] @ a b
        %5, %6 = max_pool2d(%8) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 : f32[1x1x2x2], u8[1x1x2x2]
        result y %4
        update fc.weight %3
      }
      """;

  @Test
  void theTextFormReadsBack() {
    Graph graph = GraphParser.parse(TEXT);
    assertThat(graph.toString()).isEqualTo(TEXT);
    assertThat(GraphParser.parse(graph.toString())).isEqualTo(graph);
    assertThat(graph.nodes()).extracting(Node::scope).containsExactly("fc", "a b", "");
  }

  @Test
  void commentsAndBlankLinesAreSkipped() {
    assertThat(
            GraphParser.parse("\n# made by hand\n" + TEXT.replace("  state", "# one\n\n  state")))
        .isEqualTo(GraphParser.parse(TEXT));
  }

  @Test
  void saysTheLineAndWhatIsWrongThere() {
    refuses("grph step {\n}", "line 1: expected 'graph NAME {'");
    refuses("graph g {", "ends without '}'");
    refuses("graph g {\n}\nresult y %0", "line 3: text after the closing brace");
    refuses("graph g {\n  result y %0\n}", "line 2: %0 is used before it is assigned");
    refuses("graph g {\n  feed x0 x : f32[2]\n}", "line 2: 'x0' is not a value such as %3");
    refuses("graph g {\n  feed %zero x : f32[2]\n}", "line 2: 'zero' is not a number");
    refuses("graph g {\n  feed %0 x : f16[2]\n}", "line 2: unknown element type 'f16'");
    refuses("graph g {\n  feed %0 x : f32\n}", "line 2: 'f32' is not a type such as f32[2x3]");
    refuses("graph g {\n  feed %0\n}", "line 2: expected 'feed %0 NAME : TYPE'");
    refuses("graph g {\n  feed %0 x f32[2]\n}", "line 2: expected 'feed %0 NAME : TYPE'");
    refuses("graph g {\n  result y\n}", "line 2: expected 'result NAME %0'");
    refuses("graph g {\n  frobnicate\n}", "line 2: expected '%1 = op(%0) settings : type @ scope'");
    refuses(
        "graph g {\n  feed %0 x : f32[2]\n  %1 = conv3d(%0) : f32[2]\n}",
        "line 3: unknown op 'conv3d'");
    refuses(
        "graph g {\n  feed %0 x : f32[2]\n  %1 = affine(%0) scale=2.0 : f32[2]\n}",
        "line 3: attribute 'shift' is missing");
    refuses(
        "graph g {\n  feed %0 x : f32[2]\n  %1, %2 = affine(%0) scale=2.0 shift=0.0 : f32[2]\n}",
        "line 3: 2 results, but 1 types");
  }

  private static void refuses(String text, String problem) {
    assertThatThrownBy(() -> GraphParser.parse(text))
        .isInstanceOf(FormatException.class)
        .hasMessage("graph text" + (problem.startsWith("line") ? ", " : " ") + problem);
  }

  @Test
  void aGraphThatBreaksTheRulesIsRefusedByTheVerifier() {
    assertThatThrownBy(() ->
            GraphParser.parse(
                "graph g {\n  feed %0 x : f32[2]\n  %1 = affine(%0) scale=2.0 shift=0.0 : f32[3]\n}"))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith(
            "after parsing, graph g is broken: declares [f32[3]], but the op infers [f32[2]]");
  }

  @Test
  void noDamagedTextEndsInAnythingButAComplaint() {
    long seed = 11;
    var random = Stream.of(seed, "damage", 0);
    String noise = "%=():@,x[]{}# \n-0123456789abc";
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      var text = new StringBuilder(TEXT);
      for (int k = 0; k <= random.nextInt(3); k++) {
        int at = random.nextInt(text.length());
        char c = noise.charAt(random.nextInt(noise.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, c);
          default -> text.setCharAt(at, c);
        }
      }
      try {
        GraphParser.parse(text.toString());
      } catch (FormatException | GraphException _) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text:\n" + text, e);
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
