//bggen:depends Auth
package accident
