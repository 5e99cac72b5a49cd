package propose

import "testing"

// What a profile of the kernel's own making stands for is said as far as it is
// known.
func TestMissingHint(t *testing.T) {
	for name, want := range map[string]string{
		"HAT":  `add hat "HAT" { } to "p", or load a profile of that name; what is denied to it then can become rules`,
		"a\"b": `add hat "a\"b" { } to "p", or load a profile of that name; what is denied to it then can become rules`,
		"2d":   "the line of the log that has it as its target says what it stands for; load that",
	} {
		p := New(Options{})
		if err := p.AddEvent(event(t, file+"verdict=ALLOWED operation=open name=/a denied_mask=r profile=p//null-"+name)); err != nil {
			t.Fatal(err)
		}
		if notes := allNotes(p); len(notes) != 1 || notes[0].Hint != want {
			t.Errorf("%s: %+v", name, notes)
		}
	}
}
