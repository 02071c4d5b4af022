"""Random numbers by key: docs/model.md, section 8."""

import struct

DEAL_STRATEGIES = 1
DEAL_EXPERTISE = 2
START_TIES = 3
NEEDS = 4
ATTENDANCE = 5
EVENT = 6
BYSTANDERS = 7
PICK_UP = 8
CALL = 9
GOSSIP = 10
NEWCOMERS = 11
EVOLUTION = 12
CHOICES = 13
TRAVEL = 18
LINGER = 19
POLITENESS = 24
PAY_FORWARD = 25
RECIPROCITY = 28
PEOPLE = 26
NEED_SIZES = 27

MASK = 0xFFFFFFFF


def chacha8(key, block):
    """One block of ChaCha with 8 rounds and nonce 0: sixteen 32-bit words."""
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    start += struct.unpack("<8I", key)
    start += [block & MASK, block >> 32, 0, 0]
    state = list(start)

    def rotate(word, by):
        return (word << by | word >> (32 - by)) & MASK

    def quarter(a, b, c, d):
        state[a] = (state[a] + state[b]) & MASK
        state[d] = rotate(state[d] ^ state[a], 16)
        state[c] = (state[c] + state[d]) & MASK
        state[b] = rotate(state[b] ^ state[c], 12)
        state[a] = (state[a] + state[b]) & MASK
        state[d] = rotate(state[d] ^ state[a], 8)
        state[c] = (state[c] + state[d]) & MASK
        state[b] = rotate(state[b] ^ state[c], 7)

    for _ in range(4):  # each time two rounds: columns, then diagonals
        quarter(0, 4, 8, 12)
        quarter(1, 5, 9, 13)
        quarter(2, 6, 10, 14)
        quarter(3, 7, 11, 15)
        quarter(0, 5, 10, 15)
        quarter(1, 6, 11, 12)
        quarter(2, 7, 8, 13)
        quarter(3, 4, 9, 14)
    return [(a + b) & MASK for a, b in zip(state, start)]


class Stream:
    """The words of one purpose in one round, for one unit; `stream[i]` is word number i."""

    def __init__(self, seed, now, purpose, unit=0):
        version = 2
        self.key = struct.pack("<QIIIQI", seed, version, now, purpose, unit, 0)
        self.blocks = {}

    def __getitem__(self, position):
        block, place = divmod(position, 16)
        if block not in self.blocks:
            self.blocks[block] = chacha8(self.key, block)
        return self.blocks[block][place]


def chance(word, p):
    """Whether an event of chance p happens."""
    return word >> 1 < p * 2**31


def below(word, n):
    """A number from 0 to n - 1."""
    return word * n >> 32


def below_other(word, n, own):
    """A number from 0 to n - 1 other than the own."""
    pick = below(word, n - 1)
    return pick + 1 if pick >= own else pick


def rank(word, number):
    """The place of a contact among contacts of equal opinion; the highest is taken."""
    h = (number ^ word) & MASK
    h ^= h >> 16
    h = h * 0x85EBCA6B & MASK
    h ^= h >> 13
    h = (h * 0xC2B2AE35 + word) & MASK
    h ^= h >> 16
    return h * 0x9E3779B1 & MASK


def replicate_seed(seed, replicate):
    """The seed of a replicate of a run."""
    return (seed + replicate * 0x13C6EF372FE94F) % 2**53
