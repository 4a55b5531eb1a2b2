"""Text in every script: what is a word. Standard library only, and nothing of ours: the lowest layer."""

from bacatui.text.words import UNSPACED as UNSPACED
from bacatui.text.words import count_words as count_words
