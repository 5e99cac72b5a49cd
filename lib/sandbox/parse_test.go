package sandbox

import (
	"testing"
)

func TestOrderRoundTrip(t *testing.T) {
	for _, o := range []order{
		{role: SecondStart},
		{role: WithCompanion, which: 1, namespaces: true, all: true, parent: 12, layout: layout{inputs: 3, blob: true}},
		{role: waitsForAnother, child: 13, apparmor: `the profile "x" is not loaded`},
		{role: CompanionItself, layout: layout{inputs: MaxFiles, folders: MaxFolders}, apparmor: "a b\nc"},
		{role: CompanionItself, layout: layout{inputs: 1}, scratch: `/a "b` + "\n /c", apparmor: "d"},
		{role: SecondStart, closed: true, without: `no "right"`, unnamed: "a b", stays: "\x00", alone: "`"},
	} {
		back, err := parseOrder(o.String())
		if err != nil || back != o {
			t.Errorf("%v: %+v, %v", o, back, err)
		}
	}
}

// An order that no first start gives.
func TestForgedOrder(t *testing.T) {
	for _, o := range []order{
		{},
		{role: numberOfRoles},
		{role: waitsForAnother},
		{role: SecondStart, child: 5},
		{role: CompanionItself},
		{role: WithCompanion},
		{role: SecondStart, layout: layout{inputs: -1}},
		{role: SecondStart, layout: layout{folders: MaxFolders + 1}},
	} {
		if _, err := parseOrder(o.String()); err == nil {
			t.Errorf("%v: accepted", o)
		}
	}
}

func FuzzOrder(f *testing.F) {
	f.Add(order{role: SecondStart}.String())
	f.Add(`2 4 0 true true true 1 2 3 4 true "/" "x" "" "" "y z" ""`)
	f.Add(`2 1 0 true true true 1 0 3 4 true x`)
	f.Add(`2 1 0 true true true 1 0 3 4 true "" "" "" "" ""  ""`)
	f.Add(`2 0 -1 t f T +1 -2 03 0x4 T "` + "`")
	f.Fuzz(func(t *testing.T, s string) {
		o, err := parseOrder(s)
		if err != nil {
			return
		}
		if o.layout.valid(o.hasSocket()) != nil {
			t.Errorf("%q: %+v", s, o)
		}
		if back, err := parseOrder(o.String()); err != nil || back != o {
			t.Errorf("%q: %+v, then %+v, %v", s, o, back, err)
		}
	})
}

func TestFindUser(t *testing.T) {
	const line = "_sl:x:107:115::/nonexistent:/usr/sbin/nologin"
	tests := []struct {
		name, passwd string
		want         identity
		ok           bool
	}{
		{"empty", "", identity{}, false},
		{"there", "root:x:0:0:root:/root:/bin/sh\n" + line + "\n", identity{107, 115, sharedProcesses, 0}, true},
		{"without a final newline", line, identity{107, 115, sharedProcesses, 0}, true},
		{"another name", "x" + line, identity{}, false},
		{"in a comment", "#" + line, identity{}, false},
		{"too few fields", "_sl:x:107:115", identity{}, false},
		{"root's number", "_sl:x:0:115:::", identity{}, false},
		{"root's group", "_sl:x:107:0:::", identity{}, false},
		{"a negative number", "_sl:x:-1:115:::", identity{}, false},
		{"the number that means none", "_sl:x:4294967295:115:::", identity{}, false},
		{"no number", "_sl:x:a:115:::", identity{}, false},
		{"the first counts", "_sl:x:1:2:::\n_sl:x:3:4:::", identity{1, 2, sharedProcesses, 0}, true},
	}
	for _, test := range tests {
		got, ok := findUser(test.passwd, userName)
		if got != test.want || ok != test.ok {
			t.Errorf("%s: %v, %v", test.name, got, ok)
		}
	}
}

func TestHighestMapped(t *testing.T) {
	tests := []struct {
		name, text string
		want, out  int
	}{
		{"the first namespace", "         0          0 4294967295\n", 0x70001234, 0x70001234},
		{"a container", "0 100000 65536\n", 0x70001234, 65535},
		{"two ranges", "0 1000 1\n1 100000 65536\n", 0x70001234, 65536},
		{"a gap", "0 1000 1\n1879048192 0 2\n", 0x70001234, 1879048193},
		{"root alone", "0 1000 1\n", 0x70001234, 0},
		{"nobody", "", 0x70001234, -1},
		{"above", "1900000000 0 5\n", 0x70001234, -1},
		{"garbage", "a b c\n0 0\n-1 0 0\n", 0x70001234, -1},
	}
	for _, test := range tests {
		if got := highestMapped(test.text, test.want); got != test.out {
			t.Errorf("%s: %d, want %d", test.name, got, test.out)
		}
	}
}

func FuzzUserFiles(f *testing.F) {
	f.Add("_sl:x:107:115::/:/bin/false\n", 5)
	f.Add("0 0 4294967295\n", 0x70000000)
	f.Fuzz(func(t *testing.T, text string, want int) {
		if id, ok := findUser(text, userName); ok && (id.uid <= 0 || id.gid <= 0) {
			t.Errorf("%+v", id)
		}
		if got := highestMapped(text, want); want >= 0 && got > want {
			t.Errorf("%d is above %d", got, want)
		}
	})
}

// An unused number stays between what systemd gives away and what is negative.
func TestDedicatedUser(t *testing.T) {
	id, err := dedicatedUser()
	if maps, err := readMaps(); err != nil || maps.alone() {
		t.Skip("a user namespace without another user: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if id.processes == ownProcesses && id.uid == id.gid && id.uid > 1<<16 && (id.uid < unusedID || id.uid > 1<<31-1) {
		t.Errorf("%+v", id)
	}
	if id.uid <= 0 || id.gid <= 0 {
		t.Errorf("%+v", id)
	}
}

func TestLandlockVersions(t *testing.T) {
	for abi, want := range map[int]struct {
		size uintptr
		fs   uint64
		net  uint64
		scop uint64
	}{
		1: {8, 0x1fff, 0, 0}, 2: {8, 0x3fff, 0, 0}, 3: {8, 0x7fff, 0, 0}, 4: {16, 0x7fff, 3, 0},
		5: {16, 0xffff, 3, 0}, 6: {24, 0xffff, 3, 3}, 7: {24, 0xffff, 3, 3}, 8: {24, 0xffff, 3, 3},
		9: {24, 0x1ffff, 3, 3}, 10: {24, 0x1ffff, 15, 3}, 99: {24, 0x1ffff, 15, 3},
	} {
		attr, size := landlockAttr(abi)
		if size != want.size || attr.Handled_access_fs != want.fs || attr.Handled_access_net != want.net || attr.Scoped != want.scop {
			t.Errorf("version %d: %+v, %d bytes", abi, attr, size)
		}
	}
}
