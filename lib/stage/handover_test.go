package stage

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type pair struct {
	Name, Text string
	Ino        uint64
	Delta      int64
}

type handed struct {
	Common
	Files  []string `arg:""`
	Backup Optional
	Within time.Duration
	Widen  []int
	Nets   []netip.Prefix `kong:"-"`
	Pairs  []pair         `kong:"-"`
	Raw    []byte         `kong:"-"`
}

// TestHandover: what the first start knows is what the second gets, byte for byte.
func TestHandover(t *testing.T) {
	want := handed{
		Common: Common{Quiet: true, Sandbox: "require-all"},
		Files:  []string{"-", "a\xff\n\u202e", ""},
		Backup: Optional{Set: true, Value: ".old"},
		Within: time.Minute, Widen: []int{24, 64},
		Nets:  []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")},
		Pairs: []pair{{"abstractions/base", "\x00\xfe", 1 << 63, -5}, {}},
		Raw:   []byte{0, 1, 0xff},
	}
	b, err := pack(300, &want)
	if err != nil {
		t.Fatal(err)
	}
	var got handed
	used, err := unpack(b, &got)
	if err != nil || used != 300 {
		t.Fatalf("%d, %v", used, err)
	}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); d != "" {
		t.Error(d)
	}
	for n := range b {
		if _, err := unpack(b[:n], new(handed)); err == nil {
			t.Errorf("the first %d bytes were taken for all", n)
		}
	}
	if _, err := unpack(append(b, 0), new(handed)); err == nil {
		t.Error("a byte too many was taken")
	}
	if _, err := pack(0, &struct {
		Common
		Call func()
	}{}); err == nil {
		t.Error("a function was handed over")
	}
}

func FuzzUnpack(f *testing.F) {
	b, err := pack(3, &handed{Files: []string{"a"}, Pairs: make([]pair, 2)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var h handed
		used, err := unpack(b, &h)
		if err != nil {
			return
		}
		again, err := pack(used, &h)
		if err != nil {
			t.Fatal(err)
		}
		var same handed
		if _, err := unpack(again, &same); err != nil || !reflect.DeepEqual(h, same) {
			t.Errorf("%+v became %+v, %v", h, same, err)
		}
	})
}
