"""Coverage-guided fuzzing of every reader: documents, streams, tables and worksheets in files, the
command line.

    python -m pip install -e ".[tables]" --group fuzz
    python tests/fuzz/run.py --runs 100000                 every target, one after the other
    python tests/fuzz/run.py documents --runs 1000000      one of them
    python tests/fuzz/run.py --corpus learnt               keep what is learnt, and go on from it
    python tests/fuzz/keep.py learnt                       add the best of it to the seeds
    HYPOTHESIS_PROFILE=long python -m pytest tests/laws     the long search of the properties

Each target is a module with one function `check(data)`, which raises for a fault, and needs no
fuzzer: `test_fuzz_findings.py` replays seeds and findings in the ordinary suite. A check asks for
more than the absence of a crash; what it asks for is the sentence of its docstring.

Each run starts from the cases of the conformance suite, the example tables (`seeds.py`) and what
lies in `seeds/<target>/`: the smallest inputs of earlier runs that reach what those do not. What a
run learns goes to the folder of `--corpus`, which a later run goes on from, never to the seeds.
`findings/<target>/` holds every input that ever failed; a new one is written there.

`.ci/task fuzz` runs every target for two minutes, or `FUZZ_SECONDS`; `.ci/run` for five seconds,
for want of time. atheris has wheels for Linux and some Pythons alone; where it has none the task
makes the same changes by chance (`by_chance.py`). `test_fuzz_findings.py` makes a few of them,
always the same ones, in the ordinary suite.

The mutators (`mutators.py`) know JSON and CSV: a change of bytes alone seldom leaves a document
one. The words that they write come from the package's own codes and fields.
"""
