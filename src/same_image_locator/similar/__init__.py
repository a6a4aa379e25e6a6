"""Mode ``similar``: candidates by their signatures, then a second look at each pair's pixels."""
