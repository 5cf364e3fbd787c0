"""Where a settlement would land, who moves it, and whether it could hold: three questions, answered apart."""
