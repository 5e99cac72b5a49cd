package propose

import (
	"testing"

	"github.com/sl-suite/sl/lib/apparmor/policy"
)

// A rule does not promise addresses that the parser drops from it.
func TestAddressesOfAbi(t *testing.T) {
	const narrow = `network (receive) inet stream ip=1.2.3.4 port=80 peer=(ip=1.2.3.5 port=99),`
	for abi, want := range map[string]string{
		"network_v8 {af_mask {inet\n}\n}\n":                  `network (receive) inet stream,`,
		"network_v9 {af_mask {inet\n}\naf_inet {yes\n}\n}\n": narrow,
	} {
		for _, exact := range []bool{false, true} {
			p := New(Options{Parser: 4, Exact: exact, Policy: policy.New("/d", map[string]string{"abi/4.0": abi})})
			p.AddEvent(event(t, "class=net operation=recvmsg family=inet sock_type=stream laddr=1.2.3.4 lport=80 faddr=1.2.3.5 fport=99 denied=receive"))
			if exact {
				want = narrow
			}
			if got := allRules(p); len(got) != 1 || got[0].Text != want || (want != narrow) != (len(got[0].Made) > 0) {
				t.Errorf("%q, exact %v: %+v, want %s", abi, exact, got, want)
			}
		}
	}
}
