// The default theme with the system's fonts, so that a page loads none.
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
