"""`fovea eval`: accuracy of a run or of weights, class by class, and images a second."""
