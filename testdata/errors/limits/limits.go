package limits

import (
	"net/netip"
	"time"
)

//bggen:route GET /limits
//bggen:param a min=x
//bggen:param b min=1
//bggen:param c minlen=-1
//bggen:param d pattern=(
//bggen:param e min=1
//bggen:param f enum=1|x
//bggen:param g max=300
//bggen:param h query pattern=x
//bggen:param i max=1h
//bggen:param j enum=true
//bggen:param k min=0
//bggen:param l max=127
func Limits(k uint, l int8, a int, b string, c string, d string, e []int, f int, g int8, h netip.Addr, i time.Duration, j bool) {
}
