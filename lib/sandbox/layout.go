package sandbox

import "errors"

// A layout says which descriptor stands where in the second start. The numbers
// are those of lib/sandbox/calls.
type layout struct {
	inputs, folders int
	blob            bool
}

// SocketAt is where the socket between a program and its companion stands in both.
const SocketAt = firstInput

const (
	pollerEpoll = 3
	pollerEvent = 4
	firstInput  = 5
	firstFolder = 16
)

func (l layout) valid(socket bool) error {
	switch {
	case socket && l.inputs < 1:
		return errors.New("no socket")
	case l.inputs < 0 || l.inputs > MaxInputs:
		return errors.New("too many inputs")
	case l.folders < 0 || l.folders > MaxFolders:
		return errors.New("too many folders")
	case l.folders > 0 && l.inputs > MaxFiles:
		return errors.New("too many inputs beside folders")
	}
	return nil
}

// end is the first number above all that the second start keeps.
func (l layout) end() int {
	if l.folders > 0 {
		return firstFolder + l.folders
	}
	return firstInput + l.inputs
}

// Descriptors that go away: the sealed memory is closed once it is read; the
// rest is closed by the execution.
func (l layout) blobAt() int    { return l.end() }
func (l layout) programAt() int { return l.end() + 1 }
func (l layout) rulesetAt() int { return l.end() + 2 }
func (l layout) reportAt() int  { return l.end() + 3 }

// above is the first number that no fixed place can be.
func (l layout) above() int { return l.end() + 4 }

// gaps are the ranges, both ends included, in which nothing may stand when the
// second start begins.
func (l layout) gaps() [][2]int {
	g := [][2]int{{pollerEpoll, pollerEvent}}
	if l.folders > 0 {
		g = append(g, [2]int{firstInput + l.inputs, firstFolder - 1})
	}
	return g
}
