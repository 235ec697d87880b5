"""The usual way, as it comes: TF-IDF over jieba's words and a linear SVM of scikit-learn.

Runs in a virtual environment of its own. Each line in is {"train": [[text, label], …], "ask": [text, …]}; each line out
is {"labels": […], "seconds": how long the asking took, one text after the other}.
"""

import json
import logging
import sys
import time

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC


def main() -> None:
    """Answer every line."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    for line in sys.stdin:
        told = json.loads(line)
        texts, labels = zip(*told["train"], strict=True)
        model = make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LinearSVC())
        model.fit(texts, labels)
        begun = time.perf_counter()
        answers = [str(model.predict([text])[0]) for text in told["ask"]]
        seconds = time.perf_counter() - begun
        print(json.dumps({"labels": answers, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
