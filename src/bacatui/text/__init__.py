"""Text: words in every script, sanitizing, web addresses. It uses the standard library only."""

from bacatui.text.words import UNSPACED as UNSPACED
from bacatui.text.words import count_words as count_words
from bacatui.text.words import first_token as first_token
from bacatui.text.words import is_cut_off as is_cut_off
from bacatui.text.words import terms as terms
from bacatui.text.words import tokens as tokens
