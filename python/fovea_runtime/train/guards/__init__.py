"""What watches over a training: when it ends a run, and what it then says."""
