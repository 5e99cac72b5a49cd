package propose

import (
	"fmt"
	"strings"
	"testing"
)

func TestInternIsBounded(t *testing.T) {
	var in interner
	long := strings.Repeat("x", 2*maxEvidenceText)
	if got := in.intern(long); got != long[:maxEvidenceText] {
		t.Errorf("%d bytes", len(got))
	}
	for i := range 3 * maxInterned {
		if s := fmt.Sprint(i); in.intern(s) != s || in.intern("") != "" {
			t.Fatal(s)
		}
		if len(in.seen) > maxInterned {
			t.Fatalf("%d texts", len(in.seen))
		}
	}
	if n := len(in.internAll(make([]string, 100), 8)); n != 8 {
		t.Errorf("%d of a list", n)
	}
}
