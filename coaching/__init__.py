"""COMPUTE: the rules of coaching over polars frames. Knows no browser and no database."""
