"""Reads: one function, one select, one frame. Every public function takes the viewer first."""
