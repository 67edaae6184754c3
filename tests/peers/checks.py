"""What is counted and shown where two answers must be the same."""


class Checks:
    """`first` and `second` name the two sides, in the order in which same() is told them."""
    def __init__(self, first, second):
        self.names = [f"{name:<{max(len(first), len(second))}}" for name in (first, second)]
        self.passed = self.failed = self.skipped = 0

    def same(self, claim, first, second):
        if first == second:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED {claim}:")
        if isinstance(first, (set, dict, list)) and isinstance(second, type(first)) and len(first) + len(second) > 10:
            for name, one, other in ((self.names[0], first, second), (self.names[1], second, first)):
                print(f"  {name} alone {[x for x in one if x not in other][:10]}")
        else:
            print(f"  {self.names[0]} {str(first)[:600]}\n  {self.names[1]} {str(second)[:600]}")
