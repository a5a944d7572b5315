"""Makes bleu.txt: sentences of our own, and what sacrebleu 2.6.0 (Python 3.11) says of them.

python bleu.py > bleu.txt
Lines: `case<TAB>cased score<TAB>lower-cased score<TAB>brevity penalty`, then one line
`translation<TAB>reference` a sentence, then an empty line.
"""
from sacrebleu.metrics import BLEU

CASES = {
    "alike": [("A dog runs over the wet grass.", "A dog runs over the wet grass.")],
    "shorter": [("The quick brown fox.", "the quick brown fox jumped ."), ("It rains", "It rains today")],
    "longer": [("two men in red shirts are sitting on a long bench", "two men are sitting on a bench"),
               ("a child and a kite", "a child with a kite")],
    "no run of four": [("a cat on mats", "the cat on a mat"), ("one two", "one three")],
    "nothing in common": [("alpha beta gamma delta epsilon", "one two three four five")],
    "signs and numbers": [("It costs $3,000.50 (3-4 items): \"cheap\" &amp; good-ish, isn't it?",
                           "it costs $3,000.50 (3-4 items), \"cheap\" & good-ish, is it not?"),
                          ("Call 555-1234 at 10:30; version 2.0, <b>now</b>.", "Call 555-1234 at 10.30, version 2.0 <b>now</b>."),
                          ("50%-60% of 1/2 - x_y ^ z ~ 7.", "50 %-60 % of 1/2 - x_y ^z ~ 7 .")],
    "other letters": [("Grüße aus Köln, Ärger ohne Ende!", "grüße aus Köln , ÄRGER ohne Ende !"), ("ein Haus", "ein Haus")],
    "an empty line": [("", "something"), ("a red car drives down the road", "a red car drives down a road")],
}
for name, pairs in CASES.items():
    ours, theirs = [p[0] for p in pairs], [p[1] for p in pairs]
    cased, lower = (BLEU(lowercase=l).corpus_score(ours, [theirs]) for l in (False, True))
    print(f"{name}\t{cased.score:.9f}\t{lower.score:.9f}\t{lower.bp:.9f}")
    for p in pairs:
        print("\t".join(p))
    print()
