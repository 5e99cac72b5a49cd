package apparmor

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
)

// compiled is a profile as apparmor_parser gives it to the kernel.
type compiled struct {
	name   string
	caps   uint64
	limits map[int]uint64 // by RLIMIT number
	files  *dfa
	others *dfa     // everything but files: the policydb
	xtable []string // named targets of executions
}

// element is a tagged value of the stream (the kernel's
// security/apparmor/policy_unpack.c, enum aa_code).
type element struct {
	kind byte
	name string
	num  uint64
	data []byte
}

const (
	kindName   = 4
	kindString = 5
	kindBlob   = 6
	kindStruct = 7
	kindEnd    = 8
	kindArray  = 11
)

// elements takes the stream apart.
func elements(b []byte) (list []element, err error) {
	var name string
	take := func(n int) (p []byte) {
		if n > len(b) {
			err = errors.New("short stream")
			n = len(b)
		}
		p, b = b[:n], b[n:]
		return append(p[:n:n], make([]byte, max(0, 8-n))...)
	}
	for len(b) > 0 && err == nil {
		e := element{kind: take(1)[0]}
		switch e.kind {
		case 0:
			e.num = uint64(take(1)[0])
		case 1:
			e.num = uint64(binary.LittleEndian.Uint16(take(2)))
		case 2:
			e.num = uint64(binary.LittleEndian.Uint32(take(4)))
		case 3:
			e.num = binary.LittleEndian.Uint64(take(8))
		case kindName, kindString:
			n := int(binary.LittleEndian.Uint16(take(2)))
			text := take(n)[:max(n, 1)-1]
			if e.kind == kindName {
				name = string(text)
				continue
			}
			e.data = text
		case kindBlob:
			n := int(binary.LittleEndian.Uint32(take(4)))
			e.data = take(n)[:n]
			e.data = e.data[max(0, bytes.Index(e.data, magic)):] // behind what aligns it
		case 9, kindArray:
			e.num = uint64(binary.LittleEndian.Uint16(take(2)))
		case kindStruct, kindEnd, 10, 12:
		default:
			return nil, fmt.Errorf("element of kind %d", e.kind)
		}
		e.name, name = name, ""
		list = append(list, e)
	}
	return list, err
}

// profiles reads the profiles of a stream (unpack_profile).
func profiles(stream []byte) (list []*compiled, err error) {
	all, err := elements(stream)
	if err != nil {
		return nil, err
	}
	var p *compiled
	var depth []string
	for i, e := range all {
		inside := ""
		if len(depth) > 0 {
			inside = depth[len(depth)-1]
		}
		switch e.kind {
		case kindStruct, kindArray, 9:
			depth = append(depth, e.name)
			if e.kind == kindStruct && e.name == "profile" {
				p = &compiled{name: string(all[i+1].data), limits: make(map[int]uint64)}
				list = append(list, p)
			}
			switch {
			case e.name == "caps64": // behind allowed, audited, quiet and dropped ones of the lower half
				p.caps = all[i+1].num<<32 | all[i-4].num
			case e.name == "rlimits":
				p.readLimits(all[i+1:])
			case e.name == "xtable":
				for _, target := range all[i+2:] {
					if target.kind != kindString {
						break
					}
					p.xtable = append(p.xtable, string(target.data))
				}
			}
		case kindEnd, 10, 12:
			depth = depth[:len(depth)-1]
		case kindBlob:
			d, err := newDFA(e.data)
			if err != nil {
				return nil, err
			}
			if inside == "policydb" {
				p.others = d
			} else {
				p.files = d
			}
		}
	}
	return list, nil
}

// readLimits reads the mask of the limits and their values (unpack_rlimits).
func (p *compiled) readLimits(rest []element) {
	mask, values := rest[0].num, rest[2:]
	for i := range 16 {
		if mask>>i&1 != 0 {
			p.limits[i] = values[i].num
		}
	}
}

// magic is what a state machine begins with.
var magic = []byte{0x1b, 0x5e, 0x78, 0x3d}

// dfa is a state machine of the kernel (security/apparmor/match.c).
type dfa struct {
	accept, base, next, check, def []uint32
	class                          []uint32
}

func newDFA(b []byte) (*dfa, error) {
	if len(b) < 16 || !bytes.HasPrefix(b, magic) {
		return nil, errors.New("no state machine")
	}
	tables := make(map[uint16][]uint32)
	for at := int(binary.BigEndian.Uint32(b[4:])); at+12 <= len(b); {
		id, width := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		n := int(binary.BigEndian.Uint32(b[at+8:]))
		at += 12
		table := make([]uint32, n)
		for i := range table {
			switch cell := b[at+i*width:]; width {
			case 1:
				table[i] = uint32(cell[0])
			case 2:
				table[i] = uint32(binary.BigEndian.Uint16(cell))
			case 4:
				table[i] = binary.BigEndian.Uint32(cell)
			default:
				return nil, fmt.Errorf("a table of %d bytes", width)
			}
		}
		tables[id] = table
		at += (12+n*width+7)&^7 - 12
	}
	d := &dfa{accept: tables[1], base: tables[2], check: tables[3], def: tables[4], class: tables[5], next: tables[8]}
	if d.accept == nil || d.base == nil || d.check == nil || d.def == nil || d.next == nil {
		return nil, errors.New("a table is missing")
	}
	return d, nil
}

// start is the state before the first byte.
const start = 1

// run returns the state behind the text.
func (d *dfa) run(state uint32, text string) uint32 {
	for i := range len(text) {
		c := uint32(text[i])
		if d.class != nil {
			c = d.class[c]
		}
		for {
			base := d.base[state]
			if at := base&0xffffff + c; d.check[at] == state {
				state = d.next[at]
				break
			}
			if state = d.def[state]; base>>31 == 0 { // the rest is not that of another state
				break
			}
		}
	}
	return state
}

// allows returns the permissions of the text; 0 for no state machine.
func (d *dfa) allows(text string) uint32 {
	if d == nil {
		return 0
	}
	return d.accept[d.run(start, text)]
}

// The interpreter of compiled policies is worth what it reads.
func TestCompiledPolicyIsRead(t *testing.T) {
	p := newParser(t)
	stream, err := p.run(p.write(t, "profile", `profile a {
 /etc/x* rw,
 owner /o r,
 capability sys_module,
 capability chown,
 set rlimit nofile <= 10,
 change_profile -> loose,
 /usr/bin/id Px -> unconfined,
 ptrace (trace) peer=un*,
}
profile b { /b r, }
`), "-S")
	if err != nil {
		t.Fatal(err)
	}
	list, err := profiles(stream)
	if err != nil || len(list) != 2 {
		t.Fatal(err, len(list))
	}
	a, b := list[0], list[1]
	if sysModule := uint64(1) << 16; a.caps&sysModule == 0 || a.caps&1 == 0 || a.caps&2 != 0 || b.caps != 0 {
		t.Errorf("capabilities %x and %x", a.caps, b.caps)
	}
	if len(a.limits) != 1 || a.limits[7] != 10 || len(a.xtable) != 1 || a.xtable[0] != "unconfined" {
		t.Errorf("limits %v, targets %q", a.limits, a.xtable)
	}
	for _, c := range []struct {
		machine *dfa
		text    string
		bits    uint32
		want    bool
	}{
		{a.files, "/etc/xyz", mayRead | mayWrite, true}, {a.files, "/etc/xyz", mayExec, false}, {a.files, "/etc/y", mayRead, false},
		{a.files, "/o", mayRead, true}, {a.files, "/o", mayRead << 14, false}, {a.files, "/b", mayRead, false}, {b.files, "/b", mayRead, true},
		{a.files, "loose", maySetProfile, true}, {a.files, "unconfined", maySetProfile, false},
		{a.others, "\x09unconfined", 2, true}, {a.others, "\x09other", 2, false}, {b.others, "\x09unconfined", 2, false},
	} {
		if got := c.machine.allows(c.text)&c.bits == c.bits; got != c.want {
			t.Errorf("%q, %x: %v", c.text, c.bits, got)
		}
	}
	if !a.leavesBy("/usr/bin/id", a.files.allows("/usr/bin/id")) {
		t.Error("the program does not leave the profile")
	}
}
