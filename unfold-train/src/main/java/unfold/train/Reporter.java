package unfold.train;

/// Whoever wants to know how a training goes. Called by the training thread.
public interface Reporter {
  /// Hears nothing.
  Reporter SILENT =
      new Reporter() {
        @Override
        public void note(String line) {}

        @Override
        public void begin(Counted counted, int epoch, int epochs, long done, long total) {}

        @Override
        public void step(long done, double loss) {}

        @Override
        public void epoch(EpochRecord record, boolean best) {}

        @Override
        public void sample(long step, String made) {}
      };

  /// Something worth a line.
  void note(String line);

  /// An epoch begins, or goes on after a resume.
  ///
  /// @param counted what its items are
  /// @param epoch from 1
  /// @param done items of it that are done
  /// @param total items of it
  void begin(Counted counted, int epoch, int epochs, long done, long total);

  /// A step is done. Called at every step: must be cheap and allocate nothing as a rule.
  ///
  /// @param loss mean over the epoch so far
  void step(long done, double loss);

  /// An epoch is measured and saved.
  ///
  /// @param best whether it is the best one so far
  void epoch(EpochRecord record, boolean best);

  /// What the network made after so many steps, such as a piece of text.
  void sample(long step, String made);
}
