"""The arithmetic of a round: from signed sheets to a proposal that anyone can recompute.

Two commands, from the root of the repository, with nothing but Python 3.11::

    python -E -S -s -m scoring compute ROUND.json > bundle.json
    python -E -S -s -m scoring verify bundle.json

``compute`` reads a round (schema ``tieubieu-round/1``) and writes a bundle (``tieubieu-bundle/1``) to standard output:
the round, its result (``tieubieu-result/1``), the sheets left out with the reason, and the SHA-256 of round and result,
as canonical JSON (RFC 8785: UTF-8, sorted keys, no white space; no floats at all). ``verify`` recomputes a bundle and
compares every byte.

=======  =======================================================
status   meaning
=======  =======================================================
0        computed, or verified
1        ``verify``: the file is not a true bundle; each reason is named
2        ``compute``: the round is refused, every fault with its place; either: file not readable, wrong usage
=======  =======================================================

A round judged in two stages has the schemas ``tieubieu-round/2``, ``-bundle/2`` and ``-result/2``: each sheet names its
``stage``, ``advanced`` lists the entries that were sent on, ``rules.stages`` says how (``pass_mark``, ``comparison``) and
how the two figures become one (``combine``). Files of one stage stay as they were, and old bundles still verify.

How a figure comes about: sheets that count (signed, judge on the roster, no recusal) -> exact total of each sheet ->
mean, trimmed mean or median as a fraction -> rounded half up once, when it is published -> ordered by the published
figure and the named tie-break rules -> pass mark, quotas and tiers. A tie across a cut-off goes to the council.

The result path uses the standard library alone, no clock, no randomness and no float. Only ``assignment`` (SciPy's HiGHS)
and ``reliability`` (NumPy, SciPy) import third parties, and no module of the result path imports those two.

In memory: ``scoring.round.Round`` -> ``scoring.result.compute`` -> ``scoring.bundle.bundle`` / ``verify_bundle``.
"""

__version__ = "0.1.0"
