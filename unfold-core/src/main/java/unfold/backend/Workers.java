package unfold.backend;

/// A fixed team of threads that runs a loop body in parts. The caller takes part. Which thread runs
/// a part never changes a result.
public interface Workers {

  int threads();

  /// Runs body(0) … body(parts − 1), each once, and returns when all are done. Allocates nothing.
  ///
  /// @throws RuntimeException the first that a part threw, after all parts ended
  void run(int parts, Body body);

  /// Told before each kernel of a program, and before one that is timed: brings the threads to
  /// where they work well, if they are not there. Changes no result, and is cheap enough to be told
  /// often.
  default void gather() {}

  /// The work of one part.
  @FunctionalInterface
  interface Body {
    void part(int index);
  }

  /// The caller alone.
  static Workers single() {
    return new Workers() {
      @Override
      public int threads() {
        return 1;
      }

      @Override
      public void run(int parts, Body body) {
        for (int i = 0; i < parts; i++) {
          body.part(i);
        }
      }
    };
  }
}
