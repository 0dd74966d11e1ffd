"""Reading a QR code from its modules (ISO/IEC 18004), apart from the program that draws it; what it repeats against damage is not used."""

import re
from collections.abc import Iterator

from segno.consts import ECC, ERROR_LEVEL_H, ERROR_LEVEL_L, ERROR_LEVEL_M, ERROR_LEVEL_Q

LEVELS = (ERROR_LEVEL_M, ERROR_LEVEL_L, ERROR_LEVEL_H, ERROR_LEVEL_Q)
MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def read(svg: str) -> str:
    """Return the text of the code that `svg` draws with one path of rows."""
    rows = _modules(svg)
    size = len(rows)
    version = (size - 17) // 4
    format_bits = int("".join(str(rows[8][column]) for column in range(5)), 2) ^ 0b10101
    level, mask = LEVELS[format_bits >> 3], MASKS[format_bits & 7]
    bits = "".join(str(rows[r][c] ^ mask(r, c)) for r, c in _path(size, version))
    stream = "".join(f"{each:08b}" for each in _data([int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)], version, level))
    mode, wide = stream[:4], 16 if version > 9 else 8
    assert mode == "0100", "bytes"
    length, begins = int(stream[4 : 4 + wide], 2), 4 + wide
    return bytes(int(stream[begins + 8 * n : begins + 8 * n + 8], 2) for n in range(length)).decode()


def _modules(svg: str) -> list[list[int]]:
    found = re.search(r'viewBox="0 0 (\d+) \d+"|width="(\d+)"', svg)
    drawn = re.search(r'd="([^"]+)"', svg)
    assert found and drawn
    border = 2
    size = int(found[1] or found[2]) - 2 * border
    rows = [[0] * size for _ in range(size)]
    x, y = 0.0, 0.0
    for kind, numbers in re.findall(r"([Mmh])([^Mmh]*)", drawn[1]):
        said = [float(each) for each in re.findall(r"-?\d*\.?\d+", numbers)]
        if kind == "M":
            x, y = said
        elif kind == "m":
            x, y = x + said[0], y + said[1]
        else:
            for column in range(int(x), int(x + said[0])):
                rows[int(y) - border][column - border] = 1
            x += said[0]
    return rows


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the data's modules, in order."""
    taken = _taken(size, version)
    for number, right in enumerate(column if column > 6 else column - 1 for column in range(size - 1, 0, -2)):
        for r in range(size) if number % 2 else range(size - 1, -1, -1):
            yield from ((r, c) for c in (right, right - 1) if (r, c) not in taken)


def _taken(size: int, version: int) -> set[tuple[int, int]]:
    far = size - 8
    found = {(r, c) for r in range(size) for c in range(size) if r == 6 or c == 6}
    found |= {(r, c) for r in range(9) for c in (*range(9), *range(far, size))} | {(r, c) for r in range(far, size) for c in range(9)}
    if version >= 7:
        found |= {(r, c) for r in range(6) for c in range(size - 11, far)} | {(r, c) for r in range(size - 11, far) for c in range(6)}
    middles = _middles(size, version)
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for at in ((r, c) for r in middles for c in middles if (r, c) not in corners):
        found |= {(at[0] + r, at[1] + c) for r in range(-2, 3) for c in range(-2, 3)}
    return found


def _middles(size: int, version: int) -> list[int]:
    if version == 1:
        return []
    number = version // 7 + 2
    step = 26 if version == 32 else (version * 4 + number * 2 + 1) // (number * 2 - 2) * 2
    return [6, *reversed([size - 7 - step * n for n in range(number - 1)])]


def _data(codewords: list[int], version: int, level: int) -> list[int]:
    """Return the data's codewords in order, out of the blocks that they are dealt to one by one."""
    lengths = [each.num_data for each in ECC[version][level] for _ in range(each.num_blocks)]
    blocks: list[list[int]] = [[] for _ in lengths]
    said = iter(codewords)
    for place in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if place < length:
                block.append(next(said))
    return [each for block in blocks for each in block]
