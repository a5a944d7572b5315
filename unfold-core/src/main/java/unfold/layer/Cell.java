package unfold.layer;

import java.util.List;
import java.util.Optional;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// What happens at every step of a [Recurrent] layer: [Rnn], [Lstm], [Gru], or a function of one's
/// own in small ops ([Unrolled]).
public interface Cell {

  /// The states that go from step to step, h first.
  ///
  /// @param hidden units of the layer
  List<Memory> memories(int hidden);

  /// A state: its name, and the numbers it has a row.
  record Memory(String name, int width) {}

  /// One layer in one direction over a whole sequence.
  ///
  /// @param x [T×N×D]
  /// @param initial one [N×width] for each of [#memories]
  /// @param lengths i32 [N]; beyond its length a row's states go on unchanged
  Swept sweep(Scope s, Direction direction, Var x, List<Var> initial, Optional<Var> lengths);

  /// What a sweep gives.
  ///
  /// @param outputs h after each step [T×N×width]; whatever beyond a row's length
  /// @param last the states at the end, one [N×width] each
  record Swept(Var outputs, List<Var> last) {
    public Swept {
      last = List.copyOf(last);
    }
  }

  /// Which layer a cell is to be, and how it starts.
  ///
  /// @param suffix behind each parameter's name: `_l0`, `_l1_reverse`
  /// @param reverse from the last step to the first
  record Direction(String suffix, boolean reverse, int hidden, boolean bias, Start start) {

    /// The name of a parameter of this layer: `weight_ih_l0`.
    public String name(String parameter) {
      return parameter + suffix;
    }
  }

  /// How the parameters of a recurrent layer start.
  ///
  /// @param input weights from x, gate by gate
  /// @param recurrent weights from h, gate by gate
  /// @param biases all biases
  record Start(Initializer input, Initializer recurrent, Initializer biases) {

    /// Everything uniform within ±1/√H.
    ///
    /// @source `reset_parameters` of torch.nn.RNNBase
    public static Start torch(int hidden) {
      var uniform = Uniform.within(1 / Math.sqrt(Math.max(1, hidden)));
      return new Start(uniform, uniform, uniform);
    }

    /// From x by Glorot's rule, from h orthogonal, which keeps lengths over many steps; biases
    /// zero.
    ///
    /// @source Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning
    ///   (2014)
    public static Start orthogonal() {
      return new Start(Xavier.uniform(), new Orthogonal(), new Zeros());
    }
  }
}
