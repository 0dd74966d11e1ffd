"""The measure's file format, its sandbox, and the judge: frame and measure in, verdict out. Knows no Django."""
