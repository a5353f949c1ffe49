"""Writes: one function, one transaction's work. Every public function takes the viewer first."""
