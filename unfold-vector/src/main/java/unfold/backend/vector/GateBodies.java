package unfold.backend.vector;

import static unfold.backend.vector.GateLoops.addProduct;
import static unfold.backend.vector.GateLoops.aroundReset;
import static unfold.backend.vector.GateLoops.candidateGrad;
import static unfold.backend.vector.GateLoops.cell;
import static unfold.backend.vector.GateLoops.forgetGrad;
import static unfold.backend.vector.GateLoops.gradient;
import static unfold.backend.vector.GateLoops.inputGrad;
import static unfold.backend.vector.GateLoops.mixed;
import static unfold.backend.vector.GateLoops.narrow;
import static unfold.backend.vector.GateLoops.output;
import static unfold.backend.vector.GateLoops.outputGrad;
import static unfold.backend.vector.GateLoops.resetGrad;
import static unfold.backend.vector.GateLoops.scaled;
import static unfold.backend.vector.GateLoops.sigmoid;
import static unfold.backend.vector.GateLoops.sum;
import static unfold.backend.vector.GateLoops.tanh;
import static unfold.backend.vector.GateLoops.tanhGrad;
import static unfold.backend.vector.GateLoops.tanhOfReset;
import static unfold.backend.vector.GateLoops.updateGrad;
import static unfold.backend.vector.GateLoops.widen;

/// The loops of each recurrent step in a row. `at` holds the address of every gate in the order of
/// the op's operands and results; b is the first f32 buffer.
final class GateBodies {
  private GateBodies() {}

  /// at: p, u; h
  static void rnnTanh(boolean bf16, long[] at, long b, long pitch, int n) {
    tanh(bf16, at[0], at[1], b, n);
    narrow(bf16, b, at[2], n);
  }

  /// at: dy, later, h; dp
  static void rnnTanhGrad(boolean bf16, long[] at, long b, long pitch, int n) {
    tanhGrad(bf16, at[0], at[1], at[2], at[3], n);
  }

  /// at: p (4), u (4), c; h, next c, gates (4)
  static void lstm(boolean bf16, long[] at, long b, long pitch, int n) {
    lstmWithoutGates(bf16, at, b, pitch, n);
    gates(bf16, at, 11, b, pitch, n);
  }

  static void lstmWithoutGates(boolean bf16, long[] at, long b, long pitch, int n) {
    long f = b + pitch;
    long g = f + pitch;
    long o = g + pitch;
    sigmoid(bf16, at[0], at[4], b, n);
    sigmoid(bf16, at[1], at[5], f, n);
    tanh(bf16, at[2], at[6], g, n);
    sigmoid(bf16, at[3], at[7], o, n);
    cell(b, f, g, at[8], at[10], n);
    output(bf16, o, at[10], at[9], n);
  }

  /// at: p (4), u (4), c, peepholes (3); h, next c, gates (4)
  static void lstmPeepholes(boolean bf16, long[] at, long b, long pitch, int n) {
    lstmPeepholesWithoutGates(bf16, at, b, pitch, n);
    gates(bf16, at, 14, b, pitch, n);
  }

  static void lstmPeepholesWithoutGates(boolean bf16, long[] at, long b, long pitch, int n) {
    long f = b + pitch;
    long g = f + pitch;
    long o = g + pitch;
    sum(bf16, at[0], at[4], b, n);
    addProduct(at[9], at[8], b, n);
    sigmoid(b, n);
    sum(bf16, at[1], at[5], f, n);
    addProduct(at[10], at[8], f, n);
    sigmoid(f, n);
    tanh(bf16, at[2], at[6], g, n);
    cell(b, f, g, at[8], at[13], n);
    sum(bf16, at[3], at[7], o, n);
    addProduct(at[11], at[13], o, n);
    sigmoid(o, n);
    output(bf16, o, at[13], at[12], n);
  }

  private static void gates(boolean bf16, long[] at, int first, long b, long pitch, int n) {
    narrow(bf16, b, at[first], n);
    narrow(bf16, b + pitch, at[first + 1], n);
    narrow(bf16, b + 2 * pitch, at[first + 2], n);
    narrow(bf16, b + 3 * pitch, at[first + 3], n);
  }

  /// at: dy, later, dc, c, next c, gates (4); dp (4), dc before
  static void lstmGrad(boolean bf16, long[] at, long b, long pitch, int n) {
    long gate = b + pitch;
    outputGrad(bf16, at[0], at[1], at[8], at[4], at[2], b, gate, n);
    narrow(bf16, gate, at[12], n);
    inputGrad(bf16, b, at[5], at[7], at[9], at[11], n);
    forgetGrad(bf16, b, at[3], at[6], at[10], at[13], n);
  }

  /// at: dy, later, dc, c, next c, gates (4), peepholes (3); dp (4), dc before
  static void lstmGradPeepholes(boolean bf16, long[] at, long b, long pitch, int n) {
    long gate = b + pitch;
    long i = gate + pitch;
    long f = i + pitch;
    long g = f + pitch;
    outputGrad(bf16, at[0], at[1], at[8], at[4], at[2], b, gate, n);
    narrow(bf16, gate, at[15], n);
    addProduct(at[11], gate, b, n);
    // Gradients of i and f go on through the peepholes before they are rounded.
    widen(bf16, at[5], i, n);
    widen(bf16, at[6], f, n);
    widen(bf16, at[7], g, n);
    inputGrad(false, b, i, g, i, g, n);
    forgetGrad(false, b, at[3], f, f, at[16], n);
    addProduct(at[9], i, at[16], n);
    addProduct(at[10], f, at[16], n);
    narrow(bf16, i, at[12], n);
    narrow(bf16, f, at[13], n);
    narrow(bf16, g, at[14], n);
  }

  /// at: p (3), u (3), h; next h, gates (3), inner
  static void gru(boolean bf16, long[] at, long b, long pitch, int n) {
    long z = b + pitch;
    long c = z + pitch;
    sigmoid(bf16, at[0], at[3], b, n);
    sigmoid(bf16, at[1], at[4], z, n);
    tanhOfReset(bf16, at[2], b, at[5], c, n);
    mixed(bf16, z, c, at[6], at[7], n);
    narrow(bf16, b, at[8], n);
    narrow(bf16, z, at[9], n);
    narrow(bf16, c, at[10], n);
    narrow(bf16, at[5], at[11], n);
  }

  /// at: dy, later, around, h, gates (3), inner; dp (3), dq (3), around before
  static void gruGrad(boolean bf16, long[] at, long b, long pitch, int n) {
    long dn = b + pitch;
    gradient(bf16, at[0], at[1], at[2], b, n);
    candidateGrad(bf16, b, at[5], at[6], at[10], dn, n);
    updateGrad(bf16, b, at[5], at[6], at[3], at[9], at[14], n);
    resetGrad(bf16, dn, at[7], at[4], at[8], n);
    scaled(bf16, dn, at[4], at[13], n);
    copy(bf16, at[8], at[11], n);
    copy(bf16, at[9], at[12], n);
  }

  /// at: p (3), u (2), h; rz (2), inner
  static void reset(boolean bf16, long[] at, long b, long pitch, int n) {
    long z = b + pitch;
    sigmoid(bf16, at[0], at[3], b, n);
    sigmoid(bf16, at[1], at[4], z, n);
    GateLoops.reset(bf16, b, at[5], at[8], n);
    narrow(bf16, b, at[6], n);
    narrow(bf16, z, at[7], n);
  }

  /// at: p (3), u, rz (2), h; next h, gates (3)
  static void mix(boolean bf16, long[] at, long b, long pitch, int n) {
    long z = b + pitch;
    tanh(bf16, at[2], at[3], b, n);
    widen(bf16, at[5], z, n);
    mixed(bf16, z, b, at[6], at[7], n);
    copy(bf16, at[4], at[8], n);
    copy(bf16, at[5], at[9], n);
    narrow(bf16, b, at[10], n);
  }

  /// at: dy, later, around, h, gates (3); dn, dz, around before
  static void mixGrad(boolean bf16, long[] at, long b, long pitch, int n) {
    gradient(bf16, at[0], at[1], at[2], b, n);
    updateGrad(bf16, b, at[5], at[6], at[3], at[8], at[9], n);
    candidateGrad(bf16, b, at[5], at[6], at[7], b, n);
  }

  /// at: dn, dz, dinner, around, h, gates (3); dp (3), drz (2), around before
  static void resetHalfGrad(boolean bf16, long[] at, long b, long pitch, int n) {
    resetGrad(bf16, at[2], at[4], at[5], at[8], n);
    copy(bf16, at[1], at[9], n);
    copy(bf16, at[0], at[10], n);
    copy(bf16, at[8], at[11], n);
    copy(bf16, at[1], at[12], n);
    aroundReset(bf16, at[2], at[5], at[3], at[13], n);
  }

  private static void copy(boolean bf16, long from, long to, int n) {
    Raw.copy(from, to, (long) n << Raw.shift(bf16));
  }
}
